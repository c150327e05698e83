/** The UI is plain files: no React server runs in the process that holds cluster credentials. */
/** @type {import("next").NextConfig} */
export default {
  output: "export",
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  typescript: { ignoreBuildErrors: true }, // `npm run types` checks them, with the same compiler
};
