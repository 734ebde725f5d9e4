// msgpackr exports this build without types; it is the same module, unable to generate code.
declare module "msgpackr/index-no-eval" {
  export { Packr } from "msgpackr";
}
