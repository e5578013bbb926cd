/** esbuild puts imported styles beside the script; they have no value. */
declare module "*.css";
