import type { FastifyRequest } from "fastify";

/** Browsers ask for HTML by name; programs that take anything get JSON. */
export const wantsHtml = ({ headers }: FastifyRequest): boolean => headers.accept?.includes("text/html") ?? false;
