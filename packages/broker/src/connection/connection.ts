import type { Socket } from "node:net";
import { Permissions } from "../access/permissions.js";
import type { PermissionRules } from "../access/rules.js";
import type { Congestion } from "../bounds/congestion.js";
import { Outbound } from "../outbound/outbound.js";
import { Stall } from "../outbound/stall.js";
import type { Recipient } from "../routing/recipient.js";
import type { Subscription } from "../routing/subscription.js";
import { clearTimeout, performance, setTimeout } from "../timers.js";
import { type ClientOptions, initialOptions } from "../wire/client-options.js";
import type { Publication } from "../wire/publication.js";
import { fatal } from "../wire/violation.js";
import { Heartbeat } from "./heartbeat.js";
import type { Shared } from "./shared.js";

/**
 * One client of the broker.
 *
 * BROKER-CONNECTION-1 `subscriptions` holds exactly the router's subscriptions of this connection, by sid.
 * BROKER-CONNECTION-2 Once `closed`, it has no subscriptions, no timers except the one that ends its socket, and is
 *   sent nothing.
 * BROKER-CONNECTION-3 It is closed once, however often `close()` is called.
 * BROKER-CONNECTION-4 Its bytes count in the broker's holdings until its socket is gone.
 */
export class Connection implements Recipient {
  readonly id: number;
  readonly shared: Shared;
  readonly heartbeat: Heartbeat;
  readonly subscriptions = new Map<string, Subscription>();
  options: ClientOptions = initialOptions;
  permissions: Permissions;
  /** It has sent CONNECT. */
  introduced = false;
  /** It has sent CONNECT and PING, and can take an INFO at any time from now on. */
  settled = false;
  closed = false;
  readonly #socket: Socket;
  readonly #outbound: Outbound;
  /** Slows it down while its subscribers cannot keep up. */
  readonly #stall: Stall;
  #unfinished = 0;
  #authTimer: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;
  #lingerUntil = Number.POSITIVE_INFINITY;

  /** @param id the client id in its INFO. */
  constructor(id: number, socket: Socket, shared: Shared) {
    const { settings } = shared;
    this.id = id;
    this.shared = shared;
    this.permissions = new Permissions(settings.permissions);
    this.#socket = socket;
    this.#outbound = new Outbound(socket, {
      maxPending: settings.maxPending,
      writeDeadline: settings.writeDeadline,
      holdings: shared.holdings,
      schedule: shared.flusher.schedule,
      slow: () => this.cut(),
    });
    this.#stall = new Stall(socket);
    const target = { ping: () => this.send("PING\r\n"), stale: () => this.end(fatal.stale) };
    this.heartbeat = new Heartbeat(target, settings.pingInterval, settings.maxPingsOut);
  }

  /** Whether it must authenticate before anything else. */
  get awaitsAuth(): boolean {
    return this.#authTimer !== undefined;
  }

  /** Bytes that wait to be sent to it. */
  get pending(): number {
    return this.#outbound.pending;
  }

  /** Bytes held for it. */
  get held(): number {
    return this.#outbound.held + this.#unfinished;
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? "";
  }

  get echoes(): boolean {
    return this.options.echo;
  }

  /** Starts its timers. */
  start(): void {
    const { settings } = this.shared;
    this.heartbeat.start();
    if (settings.auth.kind === "none") return;
    this.#authTimer = setTimeout(() => this.end(fatal.authenticationTimeout), settings.authTimeout);
  }

  /** It has sent credentials, valid or not. */
  stopAuthTimer(): void {
    clearTimeout(this.#authTimer);
    this.#authTimer = undefined;
  }

  /** It has authenticated, with these rules from now on. */
  permit(rules: PermissionRules | undefined): void {
    this.permissions = new Permissions(rules, this.permissions);
  }

  send(line: string): void {
    this.#outbound.text(line);
  }

  /** Sends a string with one byte per character. */
  sendKey(line: string): void {
    this.#outbound.key(line);
  }

  sendOk(): void {
    if (this.options.verbose) this.send("+OK\r\n");
  }

  sendError(text: string): void {
    this.send(`-ERR '${text}'\r\n`);
  }

  deliver(from: Recipient, publication: Publication, sid: Buffer): boolean {
    if (this.closed) return false;
    this.#outbound.message(publication, sid, this.options.headers);
    if (this.closed) return true;
    if (this.permissions.tracksReplies && publication.hasReply) this.permissions.delivered(publication.reply);
    const { counters } = this.shared;
    counters.outMsgs++;
    counters.outBytes += publication.size;
    if (this.#outbound.congested) from.waitFor(this.#outbound);
    return true;
  }

  withholds(subject: string): boolean {
    return this.permissions.withholds(subject);
  }

  waitFor(congestion: Congestion): void {
    if (!this.closed) this.#stall.waitFor(congestion);
  }

  unsubscribe(sidKey: string): void {
    const subscription = this.subscriptions.get(sidKey);
    if (subscription === undefined) return;
    this.subscriptions.delete(sidKey);
    this.shared.router.remove(subscription);
  }

  /** Counts the received bytes of an incomplete operation. */
  holdUnfinished(bytes: number): void {
    const more = bytes - this.#unfinished;
    if (more === 0) return;
    this.#unfinished = bytes;
    if (more > 0) this.shared.holdings.add(more);
    else this.shared.holdings.remove(-more);
  }

  /** Sends the reason and closes. */
  end(reason: string): void {
    this.sendError(reason);
    this.close();
  }

  /**
   * Closes it. Data queued before is still sent, if the client takes it within `linger` ms. If it is closing already,
   * this can only shorten the time.
   */
  close(linger = this.shared.settings.writeDeadline): void {
    if (!this.closed) this.#stop(true);
    const until = performance.now() + linger;
    if (this.#socket.destroyed || until >= this.#lingerUntil) return;
    this.#lingerUntil = until;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.#socket.destroy(), linger);
    this.#socket.destroySoon();
  }

  /** The socket is closed. */
  gone(): void {
    this.#stop(false);
    this.#outbound.discard();
    this.holdUnfinished(0);
    clearTimeout(this.#linger);
  }

  /** Closes it at once, because it cannot keep up or the broker holds too much for it. */
  cut(): void {
    if (!this.closed) this.shared.counters.slowConsumers++;
    this.gone();
    this.#socket.destroy();
  }

  #stop(flush: boolean): void {
    if (this.closed) return;
    this.closed = true;
    this.stopAuthTimer();
    this.heartbeat.stop();
    this.#stall.stop();
    for (const subscription of this.subscriptions.values()) this.shared.router.remove(subscription);
    this.subscriptions.clear();
    this.#outbound.stop(flush);
  }
}
