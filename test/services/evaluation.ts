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
// biome-ignore lint/security/noGlobalEval: its uses are counted
globalThis.eval = new Proxy(globalThis.eval, counting as ProxyHandler<typeof globalThis.eval>);

/** How often text was evaluated as code since this module was loaded. (Zod does so once per schema, on its first use.) */
export const evaluations = (): number => evaluated;
