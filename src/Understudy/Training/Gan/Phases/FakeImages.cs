using Understudy.Networks.StyleGan2;
using Understudy.Training.Losses;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training.Phases;

/// <summary>What the generator is asked for in each phase: latents, labels and noise, all by key.</summary>
internal sealed class FakeImages(Generator generator, Conditioning conditioning, double mixingProbability, Keys keys)
{
    /// <summary>Images [N, C, H, W] and the c [N, label_dim] they were made for.</summary>
    /// <param name="labels">One an image.</param>
    /// <param name="track">Moves w_avg.</param>
    public (Tensor Images, Tensor? C) Make(string phase, long step, int[] labels, bool track)
    {
        var (ws, c) = Latents(phase, step, labels, track);
        return (Synthesize(ws, phase, step), c);
    }

    /// <summary>
    /// z and labels mapped to ws [N, NumWs, w_dim]; now and then the later layers follow a second z of the same labels.
    /// </summary>
    public (Tensor Ws, Tensor? C) Latents(string phase, long step, int[] labels, bool track)
    {
        var c = conditioning.Encode(labels);
        var (count, zDim) = (labels.Length, generator.Options.ZDim);
        var ws = generator.Map(keys.Normal($"gan/z/{phase}", step, count, zDim), c, track);
        if (mixingProbability <= 0) return (ws, c);
        var random = keys.Random($"gan/mix/{phase}", step);
        if (random.Uniform() >= mixingProbability) return (ws, c);
        var other = generator.Map(keys.Normal($"gan/z2/{phase}", step, count, zDim), c);
        return (GanLosses.MixStyles(ws, other, 1 + random.Next(generator.NumWs - 1)), c);
    }

    public Tensor Synthesize(Tensor ws, string phase, long step)
    {
        using var random = keys.Generator($"gan/noise/{phase}", step);
        return generator.Synthesize(ws, NoiseMode.Random, random);
    }
}
