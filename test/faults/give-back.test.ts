import { testRow } from './test-cells.ts';

testRow('give back');
