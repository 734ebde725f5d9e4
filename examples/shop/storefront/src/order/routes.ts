import type { FastifyInstance } from "fastify";
import type { Bus } from "muove";
import { budget } from "../budget.js";
import type { Others } from "../others.js";
import { wantsHtml } from "../wants-html.js";
import { answerTo, statusOf } from "./order-answer.js";
import { orderForm } from "./order-form.js";
import { orderView } from "./order-view.js";

/** `POST /orders`, from a program in JSON or from a browser's form. */
export function orderRoutes(http: FastifyInstance, bus: Bus, others: Others): void {
  http.post("/orders", async (request, reply) => {
    const form = orderForm.safeParse(request.body);
    if (!form.success) return reply.code(400).send({ error: { code: "BAD_ORDER", data: form.error.issues } });
    const outcome = await bus.within({ timeout: budget }).to(others.orders).place(form.data);
    const answer = answerTo(form.data, outcome);
    reply.code(statusOf(answer));
    if (!wantsHtml(request)) return answer;
    return reply.type("text/html; charset=utf-8").send(orderView(form.data, answer));
  });
}
