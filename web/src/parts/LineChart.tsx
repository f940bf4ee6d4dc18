/* A curve over periods, and perhaps a fainter one of the year before. ECharts on a canvas; even its tooltip is drawn there, as the page's policy allows no inline styles. */
import { LineChart as Lines } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { token, useTheme } from '@/lib/theme';

use([Lines, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

interface Props {
    periods: string[];
    name: string;
    values: (number | null)[];
    before: { name: string; values: (number | null)[] } | null;
    unit: string;
    target: { at: number; text: string } | null;
}

function option({ periods, name, values, before, unit, target }: Props) {
    const quiet = { color: token('ink-3'), fontFamily: token('font'), fontSize: 12 };
    return {
        animation: false,
        aria: { enabled: true },
        grid: { left: 12, right: target ? 96 : 24, top: before ? 40 : 24, bottom: 8, containLabel: true },
        legend: before ? { top: 4, left: 12, itemWidth: 18, textStyle: quiet, icon: 'roundRect', itemHeight: 3 } : undefined,
        tooltip: {
            trigger: 'axis',
            renderMode: 'richText',
            backgroundColor: token('surface'),
            borderColor: token('line-strong'),
            textStyle: { color: token('ink'), fontFamily: token('font'), fontSize: 12 },
            valueFormatter: (v: unknown) => (v === null || v === undefined ? '—' : `${String(v)} ${unit}`),
        },
        xAxis: {
            type: 'category',
            data: periods,
            axisLabel: { ...quiet, formatter: (period: string) => (period.length === 10 ? period.slice(5) : period) },
            axisLine: { lineStyle: { color: token('line-strong') } },
            axisTick: { show: false },
        },
        yAxis: {
            type: 'value',
            scale: true,
            axisLabel: quiet,
            splitLine: { lineStyle: { color: token('line') } },
        },
        series: [
            {
                type: 'line',
                name,
                data: values,
                symbolSize: 6,
                lineStyle: { width: 2, color: token('accent') },
                itemStyle: { color: token('accent') },
                markLine: target && {
                    silent: true,
                    symbol: 'none',
                    lineStyle: { color: token('soon'), type: 'dashed' },
                    label: { formatter: target.text, color: token('soon'), fontFamily: token('font') },
                    data: [{ yAxis: target.at }],
                },
            },
            ...(before
                ? [
                      {
                          type: 'line',
                          name: before.name,
                          data: before.values,
                          symbolSize: 4,
                          lineStyle: { width: 1.5, type: 'dashed', color: token('ink-3') },
                          itemStyle: { color: token('ink-3') },
                      },
                  ]
                : []),
        ],
    };
}

export function LineChart(props: Props) {
    const box = useRef<HTMLDivElement>(null);
    const chart = useRef<ECharts | null>(null);
    const theme = useTheme();
    useEffect(() => {
        const made = init(box.current!);
        chart.current = made;
        const watch = new ResizeObserver(() => made.resize());
        watch.observe(box.current!);
        return () => {
            watch.disconnect();
            made.dispose();
        };
    }, []);
    useEffect(() => {
        chart.current?.setOption(option(props), true);
    }, [props, theme]);
    return <div ref={box} className="line-chart" />;
}
