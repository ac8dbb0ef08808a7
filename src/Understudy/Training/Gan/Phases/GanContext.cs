using Understudy.Networks.StyleGan2;
using Understudy.Training.Augmentation;
using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>What the phases of a step work with.</summary>
internal sealed record GanContext(
    GanTrainingOptions Options, Keys Keys, GanNetworks Networks, Conditioning Conditioning, FakeImages Fakes, RealBatches Reals,
    Augmenter Augmenter, Objective Objective, TickStats Stats)
{
    /// <summary>The labels of a batch of fakes: drawn, or those of the reals that they are paired with.</summary>
    public int[] FakeLabels(string phase, GanStep at) =>
        Objective.Pairs ? Reals.LabelsAt(at.Step) : Conditioning.Draw(phase, at.Step, Options.Batch);

    /// <summary>The discriminator's word on images that went through the augmentations, drawn for this purpose.</summary>
    public DiscriminatorOutput Discriminate(Tensor images, Tensor? c, string purpose, GanStep at, Tensor? other = null) =>
        Networks.Discriminator.ForwardHeads(Augmenter.Apply(images, at.AugmentP, $"gan/augment/{purpose}", at.Step), c, other);

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
/// <param name="ConditionWeight">How much the condition counts, 0 to 1.</param>
internal readonly record struct GanStep(long Step, double AugmentP, double ConditionWeight);
