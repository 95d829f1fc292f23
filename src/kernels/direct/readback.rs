//! What a submission leaves for the host.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

use super::graphics::Graphics;
use crate::kernels::KernelError;

/// Mistakes and lack of memory that the device may yet report.
type Report = Pin<Box<dyn Future<Output = Option<wgpu::Error>>>>;

/// Hears what a device has against the work that is given to it while this lives.
#[derive(Debug)]
pub struct Watch(Vec<wgpu::ErrorScopeGuard>);

impl Watch {
    /// Begins to listen.
    #[must_use]
    pub fn new(graphics: &Graphics) -> Self {
        Self::over(&graphics.device)
    }

    fn over(device: &wgpu::Device) -> Self {
        let filters =
            [wgpu::ErrorFilter::Validation, wgpu::ErrorFilter::OutOfMemory, wgpu::ErrorFilter::Internal];
        Self(filters.map(|filter| device.push_error_scope(filter)).into())
    }

    /// Stops listening.
    #[must_use]
    pub fn end(mut self) -> Reports {
        let guards = std::iter::from_fn(|| self.0.pop());
        Reports(guards.map(|guard| Box::pin(guard.pop()) as Report).collect())
    }
}

impl Drop for Watch {
    /// Scopes are a stack: the last goes first, or wgpu panics.
    fn drop(&mut self) {
        while self.0.pop().is_some() {}
    }
}

/// What a [`Watch`] heard, once the device has said it.
pub struct Reports(Vec<Report>);

impl std::fmt::Debug for Reports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reports")
    }
}

impl Reports {
    /// Waits for the device's word.
    ///
    /// # Errors
    /// [`KernelError::Device`] with the first complaint.
    pub async fn heard(self) -> Result<(), KernelError> {
        for report in self.0 {
            if let Some(error) = report.await {
                // The first line says only what kind of error it is; causes are in the lines below.
                let told = error.to_string();
                let lines: Vec<&str> = told.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                return Err(KernelError::Device(lines.join(" ")));
            }
        }
        Ok(())
    }
}

/// A result that is on its way.
#[derive(Debug)]
pub struct Readback {
    pub(super) device: wgpu::Device,
    pub(super) staging: wgpu::Buffer,
    pub(super) reports: Reports,
}

#[derive(Default)]
struct Mapped {
    outcome: Option<Result<(), wgpu::BufferAsyncError>>,
    waker: Option<Waker>,
}

impl Readback {
    /// The words of the result. Awaited, never blocking in a browser.
    ///
    /// # Errors
    /// [`KernelError::Device`] when the device has failed or is lost.
    pub async fn words(self) -> Result<Vec<u32>, KernelError> {
        let mapped = Arc::new(Mutex::new(Mapped::default()));
        let told = Arc::clone(&mapped);
        // A device that was lost has no buffer to map.
        let watch = Watch::over(&self.device);
        self.staging.map_async(wgpu::MapMode::Read, .., move |outcome| {
            let mut mapped = told.lock().unwrap_or_else(PoisonError::into_inner);
            mapped.outcome = Some(outcome);
            if let Some(waker) = mapped.waker.take() {
                waker.wake();
            }
        });
        let of_mapping = watch.end();
        // Natively nothing happens unless somebody asks; in a browser this does nothing.
        self.device.poll(wgpu::PollType::wait_indefinitely()).map_err(KernelError::device)?;
        let outcome = poll_fn(|context| {
            let mut mapped = mapped.lock().unwrap_or_else(PoisonError::into_inner);
            mapped.waker = Some(context.waker().clone());
            mapped.outcome.take().map_or(Poll::Pending, Poll::Ready)
        })
        .await;
        self.reports.heard().await?;
        of_mapping.heard().await?;
        outcome.map_err(KernelError::device)?;
        let view = self.staging.get_mapped_range(..).map_err(KernelError::device)?;
        let words = view.as_chunks::<4>().0.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect();
        drop(view);
        // A browser would keep it until its collector comes by.
        self.staging.destroy();
        Ok(words)
    }
}
