// msgpackr exports this build without types. It is the same module without code generation.
declare module "msgpackr/index-no-eval" {
  export { addExtension, Packr } from "msgpackr";
}
