import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { demo, deployment } from '../lib/deployments.ts';
import { synthesize } from '../lib/synthesize.ts';
import { COUNTED_FILE, countResources, readCounted } from './count-resources.ts';

const HOW_TO_WRITE =
  'UPDATE=1 npx vitest run test/costs/counted.process.test.ts, then UPDATE=1 npm run costs';

test('what the costs are worked out from is what stands in the templates', async () => {
  const synthesized = await synthesize(deployment);
  const { state, service, analytics } = synthesized.of(demo.name);
  const counted = countResources([state, service, analytics], synthesized.shared);
  if (process.env.UPDATE) writeFileSync(COUNTED_FILE, `${JSON.stringify(counted, null, 2)}\n`);
  expect(readCounted(), `write it again: ${HOW_TO_WRITE}`).toEqual(counted);
});
