/**
 * Loads a built function as Lambda does and hands it one event after the other, in a process of its own.
 * Called with the bundle's address and the events as JSON; the last line on stdout is what came of each.
 */
const [bundle = '', events = ''] = process.argv.slice(2);
const { handler } = await import(bundle);

async function invoke(event: unknown): Promise<object> {
  try {
    return { answer: await handler(event, {}) };
  } catch (error) {
    // As the runtime tells it to whoever called.
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { errorType: name, errorMessage: message, trace: stack?.split('\n') } };
  }
}

const ended: object[] = [];
for (const event of JSON.parse(events)) ended.push(await invoke(event));
process.stdout.write(`\n${JSON.stringify(ended)}\n`, () => process.exit(0));
