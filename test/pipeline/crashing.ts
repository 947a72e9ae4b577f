import type { DurableContext } from '../../functions/pipeline/durable.ts';

/**
 * A context whose process dies once after the work of each of some steps, before what it came to was kept.
 *
 * @param crashed takes the names of the steps that it happened to, in their order
 */
export function crashingAfter(steps: readonly string[], crashed: Set<string>) {
  return (context: DurableContext): DurableContext => ({
    ...context,
    step: (name, work, retry) =>
      context.step(
        name,
        async () => {
          const result = await work();
          if (steps.includes(name) && !crashed.has(name)) {
            crashed.add(name);
            throw new Error('the process died before the result was kept');
          }
          return result;
        },
        retry,
      ),
  });
}
