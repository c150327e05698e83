"use client";
import dynamic from "next/dynamic";

/** Loaded when it is first opened. */
export const ScenarioChooser = dynamic(() => import("./scenario-chooser.tsx").then((module) => module.ScenarioChooser));
