import { testColumn } from './table/test-cells.ts';

testColumn('process frozen past its lease');
