import { testRow } from './table/test-cells.ts';

testRow('recover');
