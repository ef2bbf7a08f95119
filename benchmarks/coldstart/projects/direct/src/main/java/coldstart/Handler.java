package coldstart;

public final class Handler extends LightHandler {

    public Handler() {
        super(new Validate().andThen(new Enrich()).andThen(new Notify()));
    }
}
