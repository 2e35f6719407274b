/** A file as text: vitest reads it itself, esbuild through `scripts/raw.mjs`. */
declare module '*?raw' {
  const text: string;
  export default text;
}
