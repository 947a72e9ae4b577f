#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Node takes the types out of each source and compiles it, at every start, unless it may keep the result. This file
// is plain JavaScript, since what is loaded before the cache is on is not kept. Where the folder cannot be written to,
// all works without it.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/chat-report'));
await import('./chat-report.ts');
