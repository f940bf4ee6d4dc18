/* A room that breaks takes only itself down, and says so. */
import { Component, type ReactNode } from 'react';
import { Trouble } from '@/parts/Trouble';

export class Boundary extends Component<{ at: string; children: ReactNode }, { error: Error | null; at: string }> {
    override state = { error: null as Error | null, at: this.props.at };

    static getDerivedStateFromError(error: Error) {
        return { error };
    }

    static getDerivedStateFromProps(props: { at: string }, state: { at: string }) {
        return props.at === state.at ? null : { at: props.at, error: null };
    }

    override render() {
        if (!this.state.error) return this.props.children;
        return <Trouble error={this.state.error} retry={() => this.setState({ error: null })} />;
    }
}
