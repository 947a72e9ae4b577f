/**
 * Loads a built function as Lambda does and hands it one event, in a process of its own.
 * Called with the bundle's address and the event as JSON; the last line on stdout is what came of it.
 */
const [bundle = '', event = ''] = process.argv.slice(2);
const { handler } = await import(bundle);

async function invoke(): Promise<object> {
  try {
    return { answer: await handler(JSON.parse(event), {}) };
  } catch (error) {
    // As the runtime tells it to whoever called.
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { errorType: name, errorMessage: message, trace: stack?.split('\n') } };
  }
}

const ended = JSON.stringify(await invoke());
process.stdout.write(`\n${ended}\n`, () => process.exit(0));
