import { memoryLake } from '../web/memory-lake.ts';
import { testLake } from './lake-contract.ts';

// Tests of what lies in a lake, and not of where, have it in memory.
testLake('memory', async () => memoryLake());
