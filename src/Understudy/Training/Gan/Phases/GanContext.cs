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

    /// <summary>
    /// The discriminator's word on fakes and on reals, each a batch of its own that went through its own augmentations; in one
    /// pass, which prepares weights once and keeps the processor busier than two.
    /// </summary>
    /// <param name="other">Other labels for the reals.</param>
    public (DiscriminatorOutput Fake, DiscriminatorOutput Real) DiscriminateBoth(Tensor fakes, Tensor? c, Tensor reals,
        Tensor? realC, Tensor? other, GanStep at)
    {
        var images = cat([Augment(fakes, "fake", at), Augment(reals, "real", at)], 0);
        return Networks.Discriminator.ForwardHeads(images, c is null ? null : cat([c, realC!], 0), other, batches: 2).Halves();
    }

    /// <summary>The discriminator's word on images that went through the augmentations, drawn for this purpose.</summary>
    public DiscriminatorOutput Discriminate(Tensor images, Tensor? c, string purpose, GanStep at) =>
        Networks.Discriminator.ForwardHeads(Augment(images, purpose, at), c);

    private Tensor Augment(Tensor images, string purpose, GanStep at) =>
        Augmenter.Apply(images, at.AugmentP, $"gan/augment/{purpose}", at.Step);

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
