// Runs the failure table and writes docs/failures.md from what was measured.
import { writeTable } from "./measured-table.mjs";

await writeTable({
  name: "failures",
  letter: "F",
  columns: { fault: "fault", promise: "promise" },
  page: (table, surroundings) => `# What happens when things go wrong

Each row is a test that injects the fault for real: a killed or stopped process, a cut or silent connection, hostile bytes.
\`npm run failures\` runs those tests and writes this page: ${surroundings}.
Figures come from that run and vary with the machine; the tests check outcomes, and generous multiples of the
promised bounds. *embedded* is the broker that comes with Muove, *nats-server* a stock one.

${table}
`,
});
