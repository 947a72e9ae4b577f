import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    readonly browser: {
      readonly executable: string;
      /** Where the browser listens, or null where there is none. */
      readonly endpoint: string | null;
    };
  }
}

const { CHROMIUM_PATH: EXECUTABLE = '/usr/bin/chromium' } = process.env;
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,MediaRouter,PaintHolding,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch',
];

/** Starts one browser for all files of the project; vitest calls it only when one of them is to run. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!existsSync(EXECUTABLE)) {
    provide('browser', { executable: EXECUTABLE, endpoint: null });
    return;
  }
  const server = await chromium.launchServer({ executablePath: EXECUTABLE, args: QUIET });
  provide('browser', { executable: EXECUTABLE, endpoint: server.wsEndpoint() });
  return () => server.close();
}
