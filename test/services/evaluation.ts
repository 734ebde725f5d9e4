let evaluated = 0;

const counting: ProxyHandler<FunctionConstructor> = {
  construct(target, args, newTarget) {
    evaluated++;
    return Reflect.construct(target, args, newTarget) as object;
  },
  apply(target, self, args) {
    evaluated++;
    return Reflect.apply(target, self, args);
  },
};

globalThis.Function = new Proxy(Function, counting);
Object.defineProperty(Function.prototype, "constructor", { value: globalThis.Function });
// biome-ignore lint/security/noGlobalEval: it is what is counted
globalThis.eval = new Proxy(globalThis.eval, counting as ProxyHandler<typeof globalThis.eval>);

/** How often text was made into code since this module was loaded. (zod does so once per schema, on its first use.) */
export const evaluations = (): number => evaluated;
