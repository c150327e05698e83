import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { Suspense, type ReactNode } from "react";
import { LiveProvider } from "#components/live/index.ts";
import { EmptyFrame, Shell, themeScript } from "#components/shell/index.ts";
import { Announcer, ShortcutProvider } from "#components/ui/index.ts";
import "./globals.css";

const inter = localFont({
  src: "../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  variable: "--font-inter",
  weight: "100 900",
  display: "swap",
});

const jetBrainsMono = localFont({
  src: "../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  variable: "--font-mono",
  weight: "100 800",
  display: "swap",
});

export const metadata: Metadata = {
  title: { default: "kube-inflight", template: "%s · kube-inflight" },
  description: "Who is registered on an informer, and what the scheduling queue does with a pod right now.",
  icons: { icon: "/icon.svg" },
  referrer: "no-referrer",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    // The theme is set before React runs, so the server's markup does not have it.
    <html lang="en" className={`${inter.variable} ${jetBrainsMono.variable}`} suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
      </head>
      <body>
        <LiveProvider>
          <ShortcutProvider>
            <Announcer>
              <Suspense fallback={<EmptyFrame />}>
                <NuqsAdapter>
                  <Shell>{children}</Shell>
                </NuqsAdapter>
              </Suspense>
            </Announcer>
          </ShortcutProvider>
        </LiveProvider>
      </body>
    </html>
  );
}
