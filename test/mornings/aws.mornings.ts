import { playMonths } from './play-months.ts';

playMonths('aws');
