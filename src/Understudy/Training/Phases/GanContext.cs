using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>What the phases of a step work with.</summary>
internal sealed record GanContext(
    GanTrainingOptions Options, Keys Keys, GanNetworks Networks, Conditioning Conditioning, FakeImages Fakes, RealBatches Reals,
    Augmenter Augmenter, TickStats Stats)
{
    /// <summary>The loss as a number, remembered for the tick.</summary>
    public double Seen(string name, Tensor loss)
    {
        var value = loss.item<float>();
        Stats.Add(name, value);
        return value;
    }
}

/// <summary>What differs from one step to the next.</summary>
/// <param name="Step">Steps taken before.</param>
/// <param name="AugmentP">How likely each augmentation is for each image.</param>
internal readonly record struct GanStep(long Step, double AugmentP);
