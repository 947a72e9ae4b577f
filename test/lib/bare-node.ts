import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node without credentials, a Region, Docker, or anything that a person has set up. */
export async function bareNode(
  args: readonly string[],
  cwd: string,
  more: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: cwd,
    CDK_DOCKER: '/bin/false',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, args, { cwd, env })) };
  } catch (error) {
    return error as Ended;
  }
}
