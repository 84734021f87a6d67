// What a rendered dashboard may hold: Grafana's types, closed, so that a name that it does not know is an error.
import type {
  AnnotationQuery, Dashboard, DataQuery, FieldConfig, FieldConfigSource, GraphFieldConfig, Panel, VariableModel,
} from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.js';
import type { Options as LinesOptions } from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.js';

// As JSON: a value of an enumeration is its text.
type Json<T> = T extends string ? `${T}`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer Item)[] ? Json<Item>[]
  : T extends object ? { [Key in keyof T]: Json<T[Key]> }
  : T;

// Of the Prometheus plugin; @grafana/schema has what all queries share.
interface Query extends DataQuery {
  datasource: { type: 'prometheus'; uid: string };
  expr: string;
  legendFormat: string;
  instant: boolean;
  range: boolean;
}

interface Fields<Custom> extends Omit<FieldConfigSource, 'defaults'> {
  defaults: Omit<FieldConfig, 'custom'> & { custom?: Custom };
}

interface Shown<Type extends string, Options, Custom> extends Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets'> {
  type: Type;
  options: Options;
  fieldConfig: Fields<Custom>;
  targets: Query[];
}

interface Annotation extends AnnotationQuery<Query> {
  titleFormat: string;
  textFormat: string;
}

interface Variable extends Omit<VariableModel, 'query'> {
  query: { query: string; refId: string };
  definition: string;
}

interface Board extends Omit<Dashboard, 'panels' | 'annotations' | 'templating'> {
  panels: (Shown<'stat', StatOptions, never> | Shown<'timeseries', LinesOptions, GraphFieldConfig>)[];
  annotations: { list: Annotation[] };
  templating: { list: Variable[] };
}

export type dashboard = Json<Board>;
