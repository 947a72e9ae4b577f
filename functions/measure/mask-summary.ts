import { maskCustomer } from './mask.ts';
import { maskLists } from './mask-keys.ts';
import type { Summary } from './summary.ts';

/** The summary with every contact masked, whatever the settings were when it was made. What is masked stays as it is. */
export function maskSummary(summary: Summary): Summary {
  const { callbackChanges } = summary;
  return {
    ...summary,
    contacts: 'masked',
    ...maskLists(summary),
    ...(callbackChanges && {
      callbackChanges: callbackChanges.map(({ at, added, gone }) => ({
        at,
        added: added.map(maskCustomer),
        gone: gone.map(maskCustomer),
      })),
    }),
    callbacks: summary.callbacks.map((one) => ({ ...one, customer: maskCustomer(one.customer) })),
  };
}
