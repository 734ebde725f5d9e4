import type { Socket } from "node:net";
import { Permissions } from "../access/permissions.js";
import type { PermissionRules } from "../access/rules.js";
import type { Subscription } from "../routing/subscription.js";
import type { Core } from "../server/core.js";
import { infoLine } from "../server/info.js";
import { type ClientOptions, initialOptions } from "../wire/client-options.js";
import type { Publication } from "../wire/publication.js";
import { fatal } from "../wire/violation.js";
import { Heartbeat } from "./heartbeat.js";
import { Outbound } from "./outbound.js";
import { Stall } from "./stall.js";

/**
 * One client, as the broker knows it.
 *
 * K1. `subscriptions` holds what the router holds for this connection, by sid, and nothing else.
 * K2. Once `closed`, it has no subscriptions and no timers but the one that ends its socket, and is sent nothing.
 * K3. It is closed once, whoever asks for it, and as often as they ask.
 */
export class Connection {
  readonly id: number;
  readonly core: Core;
  readonly heartbeat: Heartbeat;
  /** Holds it back while those that it publishes to cannot follow. */
  readonly stall: Stall;
  readonly subscriptions = new Map<string, Subscription>();
  options: ClientOptions = initialOptions;
  permissions: Permissions;
  /** It has said CONNECT. */
  introduced = false;
  /** It has said CONNECT and PING, and can take an INFO at any time from then on. */
  settled = false;
  closed = false;
  readonly #socket: Socket;
  readonly #outbound: Outbound;
  #authTimer: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;
  #lingerUntil = Number.POSITIVE_INFINITY;

  constructor(core: Core, socket: Socket) {
    const { settings } = core;
    this.id = core.connections.nextId();
    this.core = core;
    this.permissions = new Permissions(settings.permissions);
    this.#socket = socket;
    this.#outbound = new Outbound(socket, {
      maxPending: settings.maxPending,
      writeDeadline: settings.writeDeadline,
      schedule: core.flusher.schedule,
      slow: () => this.#slow(),
    });
    this.stall = new Stall(socket);
    const target = { ping: () => this.send("PING\r\n"), stale: () => this.end(fatal.stale) };
    this.heartbeat = new Heartbeat(target, settings.pingInterval, settings.maxPingsOut);
  }

  /** Whether it has to introduce itself before anything else. */
  get awaitsAuth(): boolean {
    return this.#authTimer !== undefined;
  }

  /** Bytes that wait to be sent to it. */
  get pending(): number {
    return this.#outbound.pending;
  }

  /** Says INFO, and starts the clocks. */
  open(): void {
    const { settings } = this.core;
    this.sendInfo();
    this.heartbeat.start();
    if (settings.auth.kind === "none") return;
    this.#authTimer = setTimeout(() => this.end(fatal.authenticationTimeout), settings.authTimeout);
  }

  /** It has introduced itself, rightly or not. */
  stopAuthTimer(): void {
    clearTimeout(this.#authTimer);
    this.#authTimer = undefined;
  }

  /** It has proved who it is: these are its rules from now on. */
  permit(rules: PermissionRules | undefined): void {
    this.permissions = new Permissions(rules, this.permissions);
  }

  sendInfo(): void {
    this.send(infoLine(this.core, this.id, this.#socket.remoteAddress ?? ""));
  }

  send(line: string): void {
    this.#outbound.text(line);
  }

  /** Sends text in which each character is a byte. */
  sendKey(line: string): void {
    this.#outbound.key(line);
  }

  sendOk(): void {
    if (this.options.verbose) this.send("+OK\r\n");
  }

  sendError(text: string): void {
    this.send(`-ERR '${text}'\r\n`);
  }

  /** Puts a message into its way out. */
  deliver(
    from: Connection,
    to: Subscription,
    publication: Publication,
    bytes: Buffer,
    start: number,
    end: number,
  ): boolean {
    if (this.closed) return false;
    this.#outbound.message(publication, to, this.options.headers, bytes, start, end);
    if (this.closed) return true;
    if (this.permissions.tracksReplies && publication.hasReply) this.permissions.delivered(publication.reply);
    this.core.counters.outMsgs++;
    this.core.counters.outBytes += publication.size;
    if (this.#outbound.congested && !from.closed) from.stall.waitFor(this.#outbound);
    return true;
  }

  unsubscribe(subscription: Subscription): void {
    this.subscriptions.delete(subscription.sidKey);
    this.core.router.remove(subscription);
  }

  /** Tells it why, and closes. */
  end(reason: string): void {
    this.sendError(reason);
    this.close();
  }

  /**
   * Closes it. What was put in for it before is still sent, if it takes that within `linger` ms; when it is closing
   * already, this can only shorten the time that it has.
   */
  close(linger = this.core.settings.writeDeadline): void {
    if (!this.closed) this.#stop(true);
    const until = performance.now() + linger;
    if (this.#socket.destroyed || until >= this.#lingerUntil) return;
    this.#lingerUntil = until;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.#socket.destroy(), linger);
    this.#socket.destroySoon();
  }

  /** The socket is gone. */
  gone(): void {
    this.#stop(false);
    clearTimeout(this.#linger);
  }

  #stop(flush: boolean): void {
    if (this.closed) return;
    this.closed = true;
    this.stopAuthTimer();
    this.heartbeat.stop();
    this.stall.stop();
    for (const subscription of this.subscriptions.values()) this.core.router.remove(subscription);
    this.subscriptions.clear();
    this.#outbound.stop(flush);
  }

  #slow(): void {
    this.core.counters.slowConsumers++;
    this.#stop(false);
    this.#socket.destroy();
  }
}
