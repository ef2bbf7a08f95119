package dev.portolan.gcp.firestore;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// What a network and a service can do to requests, put between a real client and a real server. Requests for which
/// nothing was said pass.
final class Faults implements ClientInterceptor {

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final Queue<Fault> commits = new ArrayDeque<>();
    private final Queue<Fault> reads = new ArrayDeque<>();

    /// The next commit is answered so, and does not happen.
    Faults refuseCommit(Status status) {
        return refuseCommit(status, new Metadata());
    }

    /// The next commit is answered so, with details, and does not happen.
    Faults refuseCommit(Status status, Metadata trailers) {
        return commit(new Fault(status, trailers, false, () -> {}));
    }

    /// The next commit happens, and its answer is lost.
    Faults loseAnswer(Status status) {
        return loseAnswer(status, () -> {});
    }

    /// The next commit happens; its answer is lost, and until that shows, something else happens.
    Faults loseAnswer(Status status, Runnable meanwhile) {
        return commit(new Fault(status, new Metadata(), true, meanwhile));
    }

    /// Just before the next commit is sent, something else happens.
    Faults beforeCommit(Runnable meanwhile) {
        return commit(new Fault(Status.OK, new Metadata(), true, meanwhile));
    }

    /// The next reading is answered so.
    Faults refuseRead(Status status) {
        reads.add(new Fault(status, new Metadata(), false, () -> {}));
        return this;
    }

    /// The requests so far, by the names of their methods.
    List<String> seen() {
        return List.copyOf(seen);
    }

    private Faults commit(Fault fault) {
        commits.add(fault);
        return this;
    }

    private synchronized @Nullable Fault next(String method) {
        seen.add(method);
        return method.equals("Commit") ? commits.poll() : reads.poll();
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        Fault fault = next(method.getBareMethodName());
        ClientCall<Q, A> call = next.newCall(method, options);
        if (fault == null) {
            return call;
        }
        if (fault.status().isOk()) {
            fault.meanwhile().run();
            return call;
        }
        return fault.passes() ? new Deaf<>(call, fault) : new Refused<>(fault);
    }

    private record Fault(Status status, Metadata trailers, boolean passes, Runnable meanwhile) {}

    /// A call that arrives and whose answer does not.
    private static final class Deaf<Q, A> extends SimpleForwardingClientCall<Q, A> {

        private final Fault fault;

        Deaf(ClientCall<Q, A> call, Fault fault) {
            super(call);
            this.fault = fault;
        }

        @Override
        public void start(Listener<A> listener, Metadata headers) {
            super.start(
                    new SimpleForwardingClientCallListener<A>(listener) {
                        @Override
                        public void onMessage(A message) {}

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            if (!status.isOk()) {
                                throw new IllegalStateException("the commit should have happened: " + status);
                            }
                            fault.meanwhile().run();
                            super.onClose(fault.status(), trailers);
                        }
                    },
                    headers);
        }
    }

    /// A call that arrives nowhere.
    private static final class Refused<Q, A> extends ClientCall<Q, A> {

        private final Fault fault;

        Refused(Fault fault) {
            this.fault = fault;
        }

        @Override
        public void start(Listener<A> listener, Metadata headers) {
            listener.onClose(fault.status(), fault.trailers());
        }

        @Override
        public void request(int messages) {}

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {}

        @Override
        public void halfClose() {}

        @Override
        public void sendMessage(Q message) {}
    }
}
