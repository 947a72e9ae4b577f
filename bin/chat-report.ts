import { Command, CommanderError, Option } from 'commander';
import type { SettingProblem } from '../functions/config/settings.ts';
import type { CheckFlags } from './commands/check.ts';
import type { EraseFlags } from './commands/erase.ts';
import type { RebuildFlags } from './commands/rebuild.ts';
import type { RunFlags } from './commands/run.ts';
import type { ServeFlags } from './commands/serve.ts';
import { describeFaults, describeNights, type SimulateFlags } from './commands/simulate.ts';
import { EXIT, type ExitCode, formatError, type Terminal } from './terminal.ts';

/**
 * The command line: reads what is asked, does it, and tells it to the terminal.
 *
 * @param args without the program's own name
 * @returns what the process is to end with
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const locale = new Option('--locale <locale>', 'language of the report: vi or en');
  let exitCode: ExitCode = EXIT.done;

  /** Options that were given a blank, such as by a variable that is not set: that is no wish for what they are by default. */
  const blank: SettingProblem[] = [];

  /** What stands on the command line and cannot be used: told of together with everything else that is wrong. */
  function unknownArguments({ args }: Command): SettingProblem[] {
    const messages = args.map((argument) => ({
      of: argument,
      says: argument.startsWith('-') ? 'is no option of this command; see --help' : 'is one word too many',
    }));
    return [...blank, ...messages];
  }

  /** Tells of blank options, and takes them back so that nothing else is said of them. */
  function takeBlank(command: Command): void {
    for (const option of command.options) {
      const name = option.attributeName();
      const value: unknown = command.getOptionValue(name);
      if (typeof value !== 'string' || value.trim() !== '') continue;
      blank.push({ of: option.long ?? option.flags, says: 'is blank; give it a value, or leave it out' });
      command.setOptionValue(name, option.defaultValue);
    }
  }

  const program = new Command('chat-report')
    .description('The daily chat report for companies that serve their customers through CareSoft.')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(see chat-report --help)')
    .hook('preAction', (_program, command) => takeBlank(command));

  program
    .command('run')
    .description('report yesterday, or the days asked for')
    .option('--day <day>', 'one day, YYYY-MM-DD')
    .option('--from <day>', 'the first of several days')
    .option('--to <day>', 'the last of several days')
    .option('--channels <list>', 'livechat,messenger,zalo')
    .option('--look-back <days>', 'ask again for the days so long before, such as 1,2,3,7, or none')
    .option('--refresh', 'ask CareSoft again for days that are proven already')
    .option('--resend', 'send what has been sent already once more')
    .option('--lake <place>', 'where the data is kept: a folder, or s3://bucket/prefix (default: out/lake)')
    .option('--outbox <folder>', 'where mail is written as .eml files (default: out/outbox)')
    .option('--send', 'send the mail through SES instead, and tell the event bus and the webhooks')
    .addOption(locale)
    .option('--json', 'print the summary as JSON, and nothing else')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (flags: RunFlags, command: Command) => {
      const { run } = await import('./commands/run.ts');
      exitCode = await run(flags, terminal, unknownArguments(command));
    });

  program
    .command('demo')
    .description('report yesterday of a simulated CareSoft; needs no settings')
    .addOption(locale)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (flags: { locale?: string }, command: Command) => {
      const { demo } = await import('./commands/demo.ts');
      exitCode = await demo(flags, terminal, unknownArguments(command));
    });

  program
    .command('check')
    .description('try out the settings on the account, and say what was found')
    .option('--json', 'print the findings as JSON, and nothing else')
    .option('--lake <place>', 'where the data is kept: a folder, or s3://bucket/prefix (default: out/lake)')
    .option('--send', 'ask SES too whether it would send the mail')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (flags: CheckFlags, command: Command) => {
      const { check } = await import('./commands/check.ts');
      exitCode = await check(flags, terminal, unknownArguments(command));
    });

  program
    .command('serve')
    .description('show the reports in a browser, and answer the API, on this machine alone')
    .option('--port <number>', '0 takes any that is free', '8081')
    .option('--lake <place>', 'where the data is kept: a folder, or s3://bucket/prefix (default: out/lake)')
    .addOption(locale)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (flags: ServeFlags, command: Command) => {
      const { serve } = await import('./commands/serve.ts');
      exitCode = await serve(flags, terminal, unknownArguments(command));
    });

  program
    .command('rebuild')
    .description('make every layer above raw again, without a call')
    .option('--day <day>', 'one day, YYYY-MM-DD')
    .option('--from <day>', 'the first of several days')
    .option('--to <day>', 'the last of several days')
    .option('--lake <place>', 'where the data is kept: a folder, or s3://bucket/prefix (default: out/lake)')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (flags: RebuildFlags, command: Command) => {
      const { rebuild } = await import('./commands/rebuild.ts');
      exitCode = await rebuild(flags, terminal, unknownArguments(command));
    });

  program
    .command('erase')
    .description('remove a person from the lake and the outbox, and keep them out from then on')
    .option('--customer <id>', 'who is meant: by the id that CareSoft gave them')
    .option('--phone <number>', 'or by their telephone number')
    .option('--email <address>', 'or by their e-mail address')
    .option('--dry-run', 'change nothing, and say what would be removed')
    .option('--lake <place>', 'where the data is kept: a folder, or s3://bucket/prefix (default: out/lake)')
    .option('--outbox <folder>', 'where mail is written as .eml files (default: out/outbox)')
    .option('--json', 'print what was removed as JSON, and nothing else')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (flags: EraseFlags, command: Command) => {
      const { erase } = await import('./commands/erase.ts');
      exitCode = await erase(flags, terminal, unknownArguments(command));
    });

  program
    .command('simulate')
    .description('serve a simulated CareSoft')
    .option('--port <number>', '0 takes any that is free', '8080')
    .option('--seed <number>', 'another seed, another company', '1')
    .option('--chats <number>', 'chats a day over all channels', '700')
    .option('--fault <fault>', 'let it go wrong; may be repeated', collect, [])
    .option('--nights', 'let days change after they are over, and channels be dead for hours or days')
    .addHelpText('after', () => `\n${describeNights()}\n\n${describeFaults()}`)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (flags: SimulateFlags, command: Command) => {
      const { simulate } = await import('./commands/simulate.ts');
      exitCode = await simulate(flags, terminal, unknownArguments(command));
    });

  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
    terminal.err(`chat-report: ${formatError(error)}\n`);
    return EXIT.unforeseen;
  }
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
