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
/** What of the browser's own is not needed: its address bar in every window, and asking the network for things. */
const WITHOUT = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // Playwright leaves these out itself, but of two such lists the browser heeds only the last.
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${WITHOUT.join()}`,
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
