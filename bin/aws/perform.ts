import { redact } from '../../functions/observability/redact.ts';
import { type Finding, hasNoFailure } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { toJsonText } from '../../functions/text/write-json.ts';
import type { StackKind } from '../../lib/names.ts';
import type { AwsTask } from '../commands/aws.ts';
import { describeFinding, describeFindings } from '../findings.ts';
import type { DeployedAccount } from '../settings/account-file.ts';
import { EXIT, type ExitCode, refuse, type Terminal } from '../terminal.ts';
import { nameCommand } from '../typed-commands.ts';
import { type AccountOnAws, isThere, readStacks } from './account-on-aws.ts';
import { explainNoEntry, explainUnasked } from './asking.ts';
import { examineAccount } from './doctor.ts';
import { describeDayOnAws } from './print-why.ts';
import { explainStack, readPlace, type StackStates } from './stacks.ts';
import { startReport } from './start-report.ts';
import { storeToken } from './store-token.ts';
import { gatherDayOnAws } from './why.ts';

/** Does what `chat-report aws` is asked for, and prints it. */
export async function performOnAws(task: AwsTask, terminal: Terminal): Promise<ExitCode> {
  const { deployed } = task;
  const stacks = await readStacksOrSay(deployed);
  if ('says' in stacks) return refuse(terminal, [{ of: 'AWS', says: stacks.says }]);
  const { name } = deployed.account;
  const toCommand = (words: string): string => `${nameCommand(terminal)} aws ${name} ${words}`;
  const onAws: AccountOnAws = { ...deployed, stacks: stacks.stacks, now: terminal.now, toCommand };
  switch (task.verb) {
    case 'doctor':
      return await doctor(onAws, task, terminal);
    case 'why':
      return await why(onAws, task, terminal);
    case 'report':
      return await report(onAws, task, terminal);
    case 'token':
      return await token(onAws, task, terminal);
  }
}

async function readStacksOrSay(
  deployed: DeployedAccount,
): Promise<{ readonly stacks: StackStates } | { readonly says: string }> {
  try {
    return { stacks: await readStacks(deployed) };
  } catch (error) {
    const { says, do: todo } = explainUnasked(error, 'cloudformation:DescribeStacks');
    return { says: explainNoEntry(error) ?? `cannot tell of the stacks: ${says}; ${todo}` };
  }
}

/** A stack without which nothing can be done. Null where it is there. */
function findMissing({ stacks, account }: AccountOnAws, kind: StackKind) {
  const stack = stacks[kind];
  const wrong = isThere(stack) ? null : explainStack(stack, account.name);
  return wrong && { of: stack.name, says: `${wrong.says} What to do: ${wrong.do}` };
}

async function doctor(onAws: AccountOnAws, { json }: AwsTask, { out }: Terminal): Promise<ExitCode> {
  const { account, stacks } = onAws;
  const place = readPlace(stacks.state.arn);
  if (!json) {
    const where =
      place === null ? 'not deployed' : `in ${place.region} of the AWS account ${place.awsAccount}`;
    out(`Account   ${account.name}, ${where}\n\n`);
  }
  const findings: Finding[] = [];
  for await (const finding of examineAccount(onAws)) {
    findings.push(finding);
    if (!json) out(describeFinding(finding));
  }
  const isFine = hasNoFailure(findings);
  out(
    json
      ? `${toJsonText({ account: account.name, region: place?.region ?? null, findings, ok: isFine }, 2)}\n`
      : describeFindings(findings),
  );
  return isFine ? EXIT.done : EXIT.unproven;
}

async function why(onAws: AccountOnAws, { day, json }: AwsTask, terminal: Terminal): Promise<ExitCode> {
  const missing = findMissing(onAws, 'state');
  if (missing !== null) return refuse(terminal, [missing]);
  const { account, now } = onAws;
  const found = await gatherDayOnAws(day, onAws);
  const moment = { now, timeZone: account.timeZone };
  terminal.out(
    json
      ? `${toJsonText({ schema: 'chat-report/why/1', account: account.name, ...moment, ...found }, 2)}\n`
      : describeDayOnAws(found, nameCommand(terminal), moment),
  );
  // A look has not failed because of what it sees.
  return EXIT.done;
}

/** What the function says of a request or of its settings. */
const REFUSALS = /^(?:WrongRequestError|WrongSettingsError)\b/;

async function report(onAws: AccountOnAws, task: AwsTask, terminal: Terminal): Promise<ExitCode> {
  const missing = findMissing(onAws, 'service');
  if (missing !== null) return refuse(terminal, [missing]);
  try {
    const started = await startReport(task, onAws);
    if ('refusal' in started) {
      const says = redact(started.refusal);
      if (REFUSALS.test(says)) return refuse(terminal, [{ of: 'start', says: `refuses: ${says}` }]);
      terminal.err(`chat-report: the function that starts runs failed: ${says}\n`);
      return EXIT.unforeseen;
    }
    terminal.out(`${started.run} has begun.\nFollow it: ${onAws.toCommand(`why --day ${task.day}`)}\n`);
    return EXIT.done;
  } catch (error) {
    return refuse(terminal, [explainFailure('start', error, 'lambda:InvokeFunction')]);
  }
}

async function token(onAws: AccountOnAws, task: AwsTask, terminal: Terminal): Promise<ExitCode> {
  const missing = findMissing(onAws, 'state');
  if (missing !== null) return refuse(terminal, [missing]);
  const { TokenSecret: secret } = onAws.stacks.state.outputs;
  if (secret === undefined) {
    const says = `has no output TokenSecret; npm run deploy -- ${onAws.account.name}`;
    return refuse(terminal, [{ of: onAws.stacks.state.name, says }]);
  }
  try {
    await storeToken(secret, task.token);
  } catch (error) {
    return refuse(terminal, [explainFailure(secret, error, 'secretsmanager:PutSecretValue')]);
  }
  terminal.out(
    `The token is stored (${secret}). It takes effect at the next request; no deployment is needed.\n`,
  );
  return EXIT.done;
}

function explainFailure(of: string, error: unknown, action: string): { of: string; says: string } {
  const { says, do: todo } = explainUnasked(error, action);
  return { of, says: explainNoEntry(error) ?? `cannot be done: ${says}; ${todo}` };
}
