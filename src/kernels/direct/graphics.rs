//! A device with its queue: pipelines, bind groups and submissions.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use super::readback::{Readback, Watch};
use super::reduction::Reduction;
use crate::kernels::BlockFormat;

/// Most workgroups in one direction that WebGPU promises to launch.
const MOST_WORKGROUPS: u32 = 65_535;

/// A device and its queue, as burn uses them: makes what kernels need, and submits them. Clones are the same device.
#[derive(Debug, Clone)]
pub struct Graphics {
    /// The device.
    pub device: wgpu::Device,
    /// Its queue; work that is submitted here is in order with burn's.
    pub queue: wgpu::Queue,
    /// What was compiled, for all models on the device.
    pipelines: Arc<Mutex<HashMap<Kernel, wgpu::ComputePipeline>>>,
    /// Of each clone its own.
    reduction: Reduction,
    /// Tells milliseconds.
    clock: Option<fn() -> f64>,
}

impl Graphics {
    /// A device and its queue. Pipelines are made when they are first needed; lanes reduce by barriers.
    #[must_use]
    pub fn new(device: wgpu::Device, queue: wgpu::Queue) -> Self {
        Self { device, queue, pipelines: Arc::default(), reduction: Reduction::Barriers, clock: None }
    }

    /// The same device, where the lanes of kernels reduce in this way from now on.
    #[must_use]
    pub fn reducing_by(self, reduction: Reduction) -> Self {
        Self { reduction, ..self }
    }

    /// The same device, where what takes long is known by this clock of milliseconds.
    #[must_use]
    pub fn timed_by(self, clock: fn() -> f64) -> Self {
        Self { clock: Some(clock), ..self }
    }

    /// The time in milliseconds, if there is a clock.
    pub(crate) fn now_ms(&self) -> Option<f64> {
        self.clock.map(|clock| clock())
    }

    /// How the lanes of kernels reduce.
    #[must_use]
    pub fn reduction(&self) -> Reduction {
        self.reduction
    }

    /// Whether the device was opened with subgroup operations. In a browser wgpu does not know of them, so the browser's own
    /// device is asked.
    #[must_use]
    pub fn has_subgroups(&self) -> bool {
        #[cfg(target_family = "wasm")]
        if let Some(device) = self.device.as_webgpu() {
            return device.features().has("subgroups");
        }
        self.device.features().contains(wgpu::Features::SUBGROUP)
    }
}

/// One permutation of a kernel: a template and what its placeholders stand for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kernel {
    title: &'static str,
    template: &'static str,
    /// Sources that the template needs.
    shared: &'static [&'static str],
    values: Vec<(&'static str, String)>,
    /// What the source must begin with.
    directive: &'static str,
}

impl Kernel {
    pub(super) fn new(title: &'static str, template: &'static str, shared: &'static [&'static str]) -> Self {
        Self { title, template, shared, values: Vec::new(), directive: "" }
    }

    /// One that reads weights of a format.
    pub(super) fn of_format(title: &'static str, template: &'static str, format: BlockFormat) -> Self {
        const Q8_0: &[&str] = &[BlockFormat::Q8_0.shader()];
        const Q4_0: &[&str] = &[BlockFormat::Q4_0.shader()];
        let shared = match format {
            BlockFormat::Q8_0 => Q8_0,
            BlockFormat::Q4_0 => Q4_0,
        };
        // Not in the template: for the name.
        Self::new(title, template, shared).with("weights", format.kind().name())
    }

    /// Says that the reductions among its shared sources are those.
    pub(super) fn reducing_by(self, reduction: Reduction) -> Self {
        // Not in the template: for the name.
        Self { directive: reduction.directive(), ..self.with("reduction", reduction.name()) }
    }

    /// Says what a placeholder stands for.
    pub(super) fn with(mut self, placeholder: &'static str, value: impl ToString) -> Self {
        self.values.push((placeholder, value.to_string()));
        self
    }

    /// For people.
    #[must_use]
    pub fn name(&self) -> String {
        let values: Vec<String> = self.values.iter().map(|(name, value)| format!("{name} {value}")).collect();
        format!("{}: {}", self.title, values.join(", "))
    }

    /// The whole source.
    #[must_use]
    pub fn source(&self) -> String {
        let mut source = format!("{}{}", self.directive, self.template);
        for (placeholder, value) in &self.values {
            source = source.replace(&format!("{{{{ {placeholder} }}}}"), value);
        }
        for shared in self.shared {
            source.push_str(shared);
        }
        source
    }
}

/// A part of a buffer. Clones are the same bytes.
#[derive(Debug, Clone)]
pub struct Part {
    pub(super) buffer: wgpu::Buffer,
    pub(super) offset: u64,
    pub(super) bytes: u64,
    /// What keeps the bytes there, where they are burn's.
    pub(super) _held: Option<Rc<dyn std::any::Any>>,
}

impl Part {
    /// `bytes` of this part, from `offset` on; a multiple of what the device aligns bindings to.
    #[must_use]
    pub fn slice(&self, offset: u64, bytes: u64) -> Self {
        Self { offset: self.offset + offset, bytes, ..self.clone() }
    }

    /// How many bytes it has.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Frees the bytes now, where they are not burn's: a browser would keep them until its collector comes by. What was submitted
    /// before still has them.
    pub fn destroy(&self) {
        if self._held.is_none() {
            self.buffer.destroy();
        }
    }

    fn binding(&self) -> wgpu::BindingResource<'_> {
        wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &self.buffer,
            offset: self.offset,
            size: NonZeroU64::new(self.bytes.next_multiple_of(4)),
        })
    }
}

/// A kernel with its buffers and its extent, ready to be launched any number of times.
#[derive(Debug)]
pub struct Dispatch {
    pipeline: wgpu::ComputePipeline,
    group: wgpu::BindGroup,
    workgroups: [u32; 2],
}

impl Graphics {
    /// Workgroup memory that a kernel may use.
    pub(crate) fn workgroup_bytes(&self) -> u32 {
        self.device.limits().max_compute_workgroup_storage_size
    }

    /// The largest buffer, and the largest part of one that a kernel can be bound to, in bytes.
    pub(crate) fn largest(&self) -> [u64; 2] {
        let limits = self.device.limits();
        [limits.max_buffer_size, limits.max_storage_buffer_binding_size]
    }

    /// An uninitialised part of its own. wgpu fills it with zeros before it is read.
    #[must_use]
    pub fn empty(&self, bytes: u64) -> Part {
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST;
        self.buffer(bytes, usage)
    }

    /// A part with these values.
    #[must_use]
    pub fn filled<T: bytemuck::NoUninit>(&self, values: &[T]) -> Part {
        let part = self.empty(std::mem::size_of_val(values) as u64);
        self.write(&part, values);
        part
    }

    /// Four words that a kernel reads as its uniform.
    #[must_use]
    pub fn uniform(&self, words: [u32; 4]) -> Part {
        let part = self.buffer(16, wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST);
        self.write(&part, &words);
        part
    }

    fn buffer(&self, bytes: u64, usage: wgpu::BufferUsages) -> Part {
        let bytes = bytes.next_multiple_of(16).max(16);
        let descriptor =
            wgpu::BufferDescriptor { label: None, size: bytes, usage, mapped_at_creation: false };
        Part { buffer: self.device.create_buffer(&descriptor), offset: 0, bytes, _held: None }
    }

    /// Writes values to the beginning of a part, before anything that is submitted later.
    pub fn write<T: bytemuck::NoUninit>(&self, part: &Part, values: &[T]) {
        self.queue.write_buffer(&part.buffer, part.offset, bytemuck::cast_slice(values));
    }

    /// Copies all bytes of some parts to the beginning of others, which are no smaller, after what was submitted before.
    pub fn copy<'a>(&self, parts: impl IntoIterator<Item = [&'a Part; 2]>) {
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        for [from, to] in parts {
            encoder.copy_buffer_to_buffer(&from.buffer, from.offset, &to.buffer, to.offset, from.bytes);
        }
        self.queue.submit([encoder.finish()]);
    }

    /// A part that holds copies of others, one behind the other.
    #[must_use]
    pub fn together(&self, parts: &[&Part]) -> Part {
        let whole = self.empty(parts.iter().map(|part| part.bytes).sum());
        let mut at = 0;
        let places: Vec<Part> = parts
            .iter()
            .map(|part| {
                let place = whole.slice(at, part.bytes);
                at += part.bytes;
                place
            })
            .collect();
        self.copy(parts.iter().copied().zip(&places).map(<[&Part; 2]>::from));
        whole
    }

    /// Binds a kernel to its buffers, in the order of its bindings.
    pub(super) fn bind(&self, kernel: &Kernel, parts: &[&Part], [x, y]: [u32; 2]) -> Dispatch {
        let pipeline = self.pipeline(kernel);
        let entries: Vec<wgpu::BindGroupEntry<'_>> = (0..)
            .zip(parts)
            .map(|(binding, part)| wgpu::BindGroupEntry { binding, resource: part.binding() })
            .collect();
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(kernel.title),
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        Dispatch { pipeline, group, workgroups: [x, y].map(|n| n.clamp(1, MOST_WORKGROUPS)) }
    }

    pub(super) fn pipeline(&self, kernel: &Kernel) -> wgpu::ComputePipeline {
        let mut pipelines = self.pipelines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipeline) = pipelines.get(kernel) {
            return pipeline.clone();
        }
        let device = &self.device;
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(kernel.title),
            source: wgpu::ShaderSource::Wgsl(kernel.source().into()),
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(kernel.title),
            layout: None,
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        pipelines.insert(kernel.clone(), pipeline.clone());
        pipeline
    }

    /// Runs a dispatch, after what was submitted before.
    pub fn run(&self, dispatch: &Dispatch) {
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encode(&mut encoder, [dispatch]);
        self.queue.submit([encoder.finish()]);
    }

    /// Runs some dispatches one after the other, then copies a part to where the host can read it.
    pub fn submit<'a>(&self, dispatches: impl IntoIterator<Item = &'a Dispatch>, result: &Part) -> Readback {
        let watch = Watch::new(self);
        let device = &self.device;
        let staging = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: result.bytes,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encode(&mut encoder, dispatches);
        encoder.copy_buffer_to_buffer(&result.buffer, result.offset, &staging, 0, result.bytes);
        self.queue.submit([encoder.finish()]);
        Readback { device: device.clone(), staging, reports: watch.end() }
    }

    /// A shader that is none of ours, bound to its buffers: for measurements.
    #[must_use]
    pub fn custom(&self, source: &'static str, parts: &[&Part], workgroups: [u32; 2]) -> Dispatch {
        self.bind(&Kernel::new("custom", source, &[]), parts, workgroups)
    }
}

/// One pass of some dispatches, one after the other.
fn encode<'a>(encoder: &mut wgpu::CommandEncoder, dispatches: impl IntoIterator<Item = &'a Dispatch>) {
    let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
    for dispatch in dispatches {
        pass.set_pipeline(&dispatch.pipeline);
        pass.set_bind_group(0, &dispatch.group, &[]);
        let [x, y] = dispatch.workgroups;
        pass.dispatch_workgroups(x, y, 1);
    }
}
