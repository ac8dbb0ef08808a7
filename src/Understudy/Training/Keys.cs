using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>
/// All the randomness of a run, drawn by key: (seed, name, step) gives the same numbers whenever and wherever it is asked, so a
/// resumed run needs no saved generator state.
/// </summary>
/// <param name="Seed">The run's root seed.</param>
public readonly record struct Keys(ulong Seed)
{
    /// <summary>
    /// A generator for bulk noise, where a rare repetition does no harm: libtorch keeps only 32 bits of the seed.
    /// </summary>
    public Generator Generator(string name, long step = 0) => new(Seeds.For(Seed, name, step), CPU);

    /// <summary>64-bit keyed numbers for everything that must not repeat: latents, labels, orders, augmentation.</summary>
    public KeyedRandom Random(string name, long step = 0) => new(Seed, name, step);

    /// <summary>Standard normal numbers, float32, of this shape.</summary>
    public Tensor Normal(string name, long step, params ReadOnlySpan<long> shape)
    {
        var random = Random(name, step);
        var values = new float[Count(shape)];
        foreach (ref var v in values.AsSpan()) v = (float)random.Normal();
        return tensor(values, [.. shape]);
    }

    /// <summary>Uniform numbers in [0, 1), float32, of this shape.</summary>
    public Tensor Uniform(string name, long step, params ReadOnlySpan<long> shape)
    {
        var random = Random(name, step);
        var values = new float[Count(shape)];
        // 24 bits: a double just under 1 would round up to 1.
        foreach (ref var v in values.AsSpan()) v = (random.NextUInt64() >> 40) * (1f / (1 << 24));
        return tensor(values, [.. shape]);
    }

    /// <summary>
    /// What a classifier's dropout draws in a step: it knows no generator but libtorch's own, which is set to the step's key.
    /// </summary>
    public void SeedDropout(long step)
    {
#pragma warning disable RS0030 // the one place: keyed by the step, right before it
        manual_seed((long)Seeds.For(Seed, "classifier/dropout", step));
#pragma warning restore RS0030
    }

    private static long Count(ReadOnlySpan<long> shape)
    {
        long n = 1;
        foreach (var d in shape) n *= d;
        return n;
    }
}
