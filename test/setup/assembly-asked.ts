import { inject } from 'vitest';
import type { Deployment } from '../../lib/deployment.ts';
import type { Ended } from '../lib/bare-node.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where assemblies are asked for: the address that `assembly.ts` serves. */
    readonly assemblies: string;
  }
}

/** What suites ask for: each is made once in a run, when a suite first asks for it. */
export type Asked =
  /** The templates of a deployment, without bundles. */
  | {
      readonly of: 'templates';
      readonly deployment: Deployment;
      /** Whether CDK looks at them by its own rules, which takes seconds; it then fails where they are broken. */
      readonly isValidated: boolean;
      /** The AWS account and Region, as `cdk` knows them where it has credentials. */
      readonly env?: { readonly account: string; readonly region: string };
      /** More of CDK's context, beside that of `cdk.json`. */
      readonly context?: Readonly<Record<string, unknown>>;
    }
  /** What cdk-nag says of the default deployment. */
  | { readonly of: 'nag' }
  /** What `cdk synth` makes of the app as it is committed: with bundles. */
  | { readonly of: 'command-line' };

export interface NagFindings {
  readonly asItIs: readonly string[];
  readonly careless: readonly string[];
  readonly unanswered: readonly string[];
}

export interface Answers {
  /** The folder that they are in. */
  readonly templates: string;
  readonly nag: NagFindings;
  readonly 'command-line': { readonly ended: Ended; readonly out: string };
}

/** Longer than any of them takes on a loaded machine. */
const PATIENCE_MS = 240_000;

/** Asks for what is shared by all suites of a run. @throws Error with the words of what could not be made */
export async function askFor<Of extends Asked['of']>(
  asked: Extract<Asked, { of: Of }>,
): Promise<Answers[Of]> {
  const response = await fetch(inject('assemblies'), {
    method: 'POST',
    body: JSON.stringify(asked),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) throw new Error(`could not be made: ${await response.text()}`);
  return (await response.json()) as Answers[Of];
}
