//! Payment providers: whoever moves money outside of the ledger.

mod simulator;

pub use simulator::{Simulator, SimulatorTemper};
