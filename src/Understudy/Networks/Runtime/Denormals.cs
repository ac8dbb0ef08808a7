namespace Understudy.Networks.Ops;

/// <summary>
/// Numbers below 1e-38 cost a processor a hundred times a normal one, and dying activations are made of them. libtorch can flush
/// them to zero but TorchSharp does not offer it, so on Linux what is behind <c>torch.set_flush_denormal</c> is called directly.
/// </summary>
public static class Denormals
{
    /// <summary>
    /// Flushes denormals in this thread and in the worker threads libtorch starts afterwards: call it before the first tensor.
    /// Does nothing where the symbols are missing.
    /// </summary>
    /// <returns>Whether denormals are flushed.</returns>
    public static bool Flush() => LibTorchSwitch.Set(LibTorchSwitch.FlushDenormal, true) is not (null or 0);
}
