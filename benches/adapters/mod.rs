//! The graphics adapters of this machine, opened.

use thermostat::engine::block_on;
use thermostat::engine::device::{self, Chosen};
use thermostat::kernels::direct::Graphics;

/// Every adapter of the native graphics APIs, opened.
pub fn adapters() -> Result<Vec<Chosen>, Box<dyn std::error::Error>> {
    use burn::backend::wgpu::WgpuSetup;
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::PRIMARY,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let found = block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY));
    if found.is_empty() {
        println!("no graphics adapter was found");
    }
    let mut opened = Vec::new();
    for adapter in found {
        let info = adapter.get_info();
        let features = adapter.features().difference(wgpu::Features::all_experimental_mask());
        let (device, queue) = block_on(adapter.request_device(&wgpu::DeviceDescriptor {
            required_features: features.difference(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS),
            required_limits: adapter.limits(),
            ..Default::default()
        }))?;
        let graphics = Graphics::new(device.clone(), queue.clone());
        let setup = WgpuSetup { instance: instance.clone(), adapter, device, queue, backend: info.backend };
        let device = burn::tensor::Device::wgpu_options().setup(setup).init()?;
        opened.push(device::on_adapter(device, graphics, &info));
    }
    Ok(opened)
}
