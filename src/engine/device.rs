//! Which device runs the model.

#[cfg(feature = "gpu")]
use burn::tensor::Device;

#[cfg(feature = "gpu")]
use super::EngineError;
#[cfg(feature = "gpu")]
use crate::kernels::direct::Graphics;
use crate::model::Place;
#[cfg(feature = "gpu")]
use crate::model::WeightFormat;
use crate::protocol::{DeviceKind, DeviceReport};

/// A device that is ready to hold models.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Where models are put.
    pub place: Place,
    /// For the visitor.
    pub report: DeviceReport,
    /// What burn computes with, for our own kernels; none on the processor.
    #[cfg(feature = "gpu")]
    pub graphics: Option<Graphics>,
}

/// The processor. Always there.
#[must_use]
pub fn cpu() -> Chosen {
    let name = if cfg!(target_family = "wasm") { "WebAssembly, SIMD" } else { "native" };
    Chosen {
        place: Place::Host,
        report: DeviceReport { device: DeviceKind::Cpu, name: name.to_owned(), software: true },
        #[cfg(feature = "gpu")]
        graphics: None,
    }
}

/// The graphics card, through wgpu. The first call of a program opens it; burn refuses a second.
///
/// # Errors
/// [`EngineError::Device`] when there is no adapter or it cannot be opened.
#[cfg(feature = "gpu")]
pub async fn gpu() -> Result<Chosen, EngineError> {
    let (device, setup) = Device::wgpu_options()
        .init_with_setup_async()
        .await
        .map_err(|e| EngineError::Device(format!("no WebGPU adapter could be opened ({e})")))?;
    let graphics = Graphics::new(setup.device, setup.queue);
    Ok(on_adapter(device, graphics, &setup.adapter.get_info()))
}

/// A device that burn has opened on an adapter.
#[cfg(feature = "gpu")]
#[must_use]
pub fn on_adapter(device: Device, graphics: Graphics, info: &wgpu::AdapterInfo) -> Chosen {
    let name = [info.name.as_str(), info.driver.as_str(), "WebGPU adapter"];
    let name = name.into_iter().find(|n| !n.is_empty()).unwrap_or_default().to_owned();
    let software = is_software(info);
    Chosen {
        place: Place::Tensor { device, keep: WeightFormat::Quantized },
        report: DeviceReport { device: DeviceKind::WebGpu, name, software },
        graphics: Some(graphics),
    }
}

/// Whether an adapter only imitates a graphics card on the processor, and is slower than our own CPU engine.
///
/// A browser says so through `isFallbackAdapter`, which wgpu turns into the type `Cpu`, as Vulkan's drivers do; not every
/// browser does for every such adapter, so the usual names are looked for too.
#[cfg(feature = "gpu")]
fn is_software(info: &wgpu::AdapterInfo) -> bool {
    const NAMES: [&str; 5] = ["swiftshader", "llvmpipe", "lavapipe", "software", "basic render"];
    let described = format!("{} {} {}", info.name, info.driver, info.driver_info).to_lowercase();
    info.device_type == wgpu::DeviceType::Cpu || NAMES.iter().any(|name| described.contains(name))
}
