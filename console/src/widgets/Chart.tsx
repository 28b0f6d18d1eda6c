import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import langZH from 'echarts/lib/i18n/langZH.js';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

echarts.use([
  BarChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  MarkLineComponent,
  AriaComponent,
  CanvasRenderer,
]);
echarts.registerLocale('ZH', langZH);

export type ChartOption = Parameters<echarts.ECharts['setOption']>[0];

interface Props {
  option: ChartOption;
  height: number;
  /** What the picture shows; the same figures always stand in a table beside it. */
  label: string;
}

/** A chart; loaded only by pages that draw one (import it lazily). */
export default function Chart({ option, height, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { i18n } = useTranslation();
  const language = i18n.language;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const chart = echarts.init(element, undefined, { locale: language === 'en' ? 'EN' : 'ZH' });
    // ECharts would describe every bar; the figures stand in the table beside it, so the name of the picture is enough.
    chart.setOption({ animation: false, aria: { enabled: true, label: { description: label } }, ...option });
    const watch = new ResizeObserver(() => {
      chart.resize();
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [option, language, label]);
  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
