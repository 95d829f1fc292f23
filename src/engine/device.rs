//! Which device runs the model, and why.

use burn::tensor::Device;

#[cfg(feature = "gpu")]
use super::EngineError;
use crate::model::WeightFormat;
use crate::protocol::{DeviceKind, DeviceReport};

/// A device that is ready to hold tensors.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// burn's handle.
    pub device: Device,
    /// How weights are best held there.
    pub keep: WeightFormat,
    /// For the visitor.
    pub report: DeviceReport,
}

/// The processor, through burn's flex backend. Always there.
#[must_use]
pub fn cpu(reason: &str) -> Chosen {
    let name = if cfg!(target_family = "wasm") { "WebAssembly with SIMD" } else { "native" };
    Chosen {
        device: Device::flex(),
        keep: WeightFormat::Dense,
        report: DeviceReport {
            device: DeviceKind::Cpu,
            name: name.to_owned(),
            reason: reason.to_owned(),
            software: true,
        },
    }
}

/// The graphics card, through wgpu.
///
/// # Errors
/// [`EngineError::Device`] when there is no adapter or it cannot be opened.
#[cfg(feature = "gpu")]
pub async fn gpu() -> Result<Chosen, EngineError> {
    let (device, setup) = Device::wgpu_options()
        .init_with_setup_async()
        .await
        .map_err(|e| EngineError::Device(format!("no WebGPU adapter could be opened ({e})")))?;
    let info: wgpu::AdapterInfo = setup.adapter.get_info();
    let software = info.device_type == wgpu::DeviceType::Cpu;
    let name = [info.name, info.driver, "WebGPU adapter".to_owned()].into_iter().find(|n| !n.is_empty());
    Ok(Chosen {
        device,
        keep: WeightFormat::Q8,
        report: DeviceReport {
            device: DeviceKind::WebGpu,
            name: name.unwrap_or_default(),
            reason: "WebGPU is available and passed its self-test.".to_owned(),
            software,
        },
    })
}
