// Runs the threat table and writes docs/threats.md from what was measured.
import { writeTable } from "./measured-table.mjs";

await writeTable({
  name: "threats",
  letter: "T",
  columns: { threat: "threat", right: "who tries it", promise: "what holds" },
  page: (table, surroundings) => `# What a peer can do, and what not

A NATS that several services share is as open as its [permissions](guide.md#permissions). This page says what follows from them: first in words,
then as a table of attacks that tests carry out. How to report what is missing here says [SECURITY.md](../SECURITY.md).

## The model

Muove trusts NATS: the server, who configures it, and the connection to it (use TLS where others can listen). It trusts no peer for more than
the peer's NATS user may do. So everything begins with one user per service, with the guide's permissions. Then

| who may | can | cannot |
|---|---|---|
| write to a mailbox (\`muove.<mailbox>.*\`, \`_i\`, \`_t\`, \`_all\`) | call what the contract offers, with any input, as often as it likes, in anybody's name: \`Muove-From\` and \`ctx.from\` are what the sender says, and prove nothing; ask who is there | make the service publish elsewhere, cancel or delay the calls of others, hold a slot for longer than the owner allows, speak for an instance, fill the log or the memory |
| publish \`_INBOX_muove.>\` | send to everybody's inbox. Every service needs that to answer | be believed: an answer counts with the token of the call only, which begins with 66 random bits |
| subscribe to a mailbox (\`muove.<mailbox>.>\`) | get its calls, answer them as it likes, see their tokens. **Who may subscribe to a mailbox is the mailbox.** | read or answer what is sent to other mailboxes |
| publish \`muove-presence.<mailbox>.<service>.*\` | say that instances of that service come, go and live | speak for another mailbox or service |
| publish \`muove.<mailbox>._event.*\` | publish the mailbox's events | |
| subscribe to \`_INBOX_muove.<service>.>\` | read the answers of that service | |
| connect to an open NATS, without users | all of that. **An open NATS is full trust.** What the SDK holds there all the same: it answers at inboxes only, believes no answer without the token, and doubts who comes and goes | |

What cannot be held:

- **A flood of what a peer may do.** Whoever may write to a mailbox can keep it busy: with good calls, as many as it takes. It is refused and bounded, not stopped: the mailbox
  says \`overloaded\`, to good callers, too. Take the right away, or limit the user in NATS.
- **A replay.** Messages carry no signature and no number. Whoever can read a call (who may subscribe to the mailbox, or to \`>\`) and may write to the mailbox can send it again, and
  whoever knows a call's id can cancel it. What must not happen twice needs a key of the application's own in its input.
- **Members of one NATS user** are one for NATS: they read each other's inboxes and serve each other's mailboxes. Give every service a user of its own.
- **A mailbox that lies.** A service that is taken over answers its callers as it likes, within the contract that they parse it with.
- **What a handler throws** is logged as it is, once a second for each message: a handler that puts its input into its errors makes long lines.
- **Metadata that \`lastKnown()\` is told to leave out.** A caller keeps answers by all of a call's metadata. Where \`meta\` names only some, as it must when tokens
  rotate, whoever passes the same tenant gets the tenant's last answer while the service is away: the edge has to check the token first.
- **Names in sight.** Who may ask \`$SRV.>\` sees mailboxes, versions and schemas; who may write to a mailbox can ask its instances for theirs.
- **A \`prefix\` is no border.** Accounts are.

## The table

Each row is an attack that a second NATS user carries out for real, with the guide's permissions where the row does not say otherwise. This page is written by \`npm run threats\` from a
run of those tests: ${surroundings}. Figures are of that run and move with the machine; the tests hold outcomes, and generous bounds. *embedded* is the broker that comes with
Muove, *nats-server* a stock one. \`npm run hostile\` adds five minutes of all of it at random, against a system that works meanwhile.

${table}
`,
});
