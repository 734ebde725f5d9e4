import { type Kind, type Tools, tableTest } from "../../support/table-test.js";
import { type Row, type RowId, rows } from "./rows.js";
import { Scene, type SceneOptions } from "./scene.js";

/** The tools of a test of a row. Everything that it starts is ended after the test. */
export interface Attack extends Tools {
  /** A NATS with the guide's users and permissions, and two more users: the peer, and a witness that may do everything. */
  guarded(options?: SceneOptions): Promise<Scene>;
  /** A NATS without users, where everybody may do everything. */
  open(options?: SceneOptions): Promise<Scene>;
}

/**
 * A test of a row of the threat table: carries out the attack, and asserts what must hold. It runs on each kind of NATS
 * that the row names. Its figures go into docs/threats.md; see scripts/threats.mjs.
 *
 * @param on fewer kinds of NATS than the row has, for a test that needs what only one of them can do.
 */
export function threat(
  id: RowId,
  title: string,
  run: (attack: Attack) => Promise<void>,
  { on = rows[id].on, timeout = 60_000 }: { readonly on?: readonly Kind[]; readonly timeout?: number } = {},
): void {
  const { oldest }: Row = rows[id];
  tableTest({ table: "threats", id, title, kinds: on, oldest, timeout }, async (tools) => {
    const scenes: Scene[] = [];
    const scene = (guarded: boolean) => async (options?: SceneOptions) => {
      const made = await Scene.set(tools, guarded, options);
      scenes.push(made);
      return made;
    };
    try {
      await run({ ...tools, guarded: scene(true), open: scene(false) });
    } finally {
      for (const made of scenes) await made.close();
    }
  });
}
