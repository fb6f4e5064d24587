"""The panel's side of a session: typed messages over two comms, see docs/protocol.md."""
