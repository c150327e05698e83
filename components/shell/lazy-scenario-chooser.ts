"use client";
import dynamic from "next/dynamic";

/** Loaded when it is first opened. Meanwhile nothing stands in for it: else the page would be hidden, and lose the focus. */
export const ScenarioChooser = dynamic(
  () => import("./scenario-chooser.tsx").then((module) => module.ScenarioChooser),
  { loading: () => null },
);
