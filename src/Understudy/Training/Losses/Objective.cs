using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;

namespace Understudy.Training.Losses;

/// <summary>
/// The loss of a run's choice, on what the discriminator says. Where that has an unconditional logit too, every loss is
/// L(unconditional) + λ·L(conditional), with λ from 0 to 1 while the condition fades in: Shahbazi et al. 2022, arXiv 2201.06578.
/// </summary>
internal sealed class Objective(GanLoss loss, double realTarget)
{
    /// <summary>Whether fakes are judged in pairs with reals.</summary>
    public bool Pairs => loss == GanLoss.Relativistic;

    /// <param name="fake">With a graph to the generator.</param>
    /// <param name="real">Of the reals paired with the fakes, where <see cref="Pairs"/>.</param>
    /// <param name="weight">λ.</param>
    public static Tensor Generator(DiscriminatorOutput fake, DiscriminatorOutput? real, double weight) =>
        Blend(fake, weight, pick => real is { } paired
            ? GanLosses.RelativisticGenerator(pick(fake), pick(paired))
            : GanLosses.GeneratorMain(pick(fake)));

    /// <summary>The discriminator's loss on pairs.</summary>
    public static Tensor Discriminator(DiscriminatorOutput fake, DiscriminatorOutput real, double weight) =>
        Blend(fake, weight, pick => GanLosses.RelativisticDiscriminator(pick(fake), pick(real)));

    /// <summary>The discriminator's loss on fakes by themselves.</summary>
    public static Tensor Fake(DiscriminatorOutput fake, double weight) =>
        Blend(fake, weight, pick => GanLosses.DiscriminatorFake(pick(fake)));

    /// <summary>The discriminator's loss on reals by themselves.</summary>
    public Tensor Real(DiscriminatorOutput real, double weight) =>
        Blend(real, weight, pick => GanLosses.DiscriminatorReal(pick(real), realTarget));

    /// <summary>All that is said of how real an image is, in one number: what R1 and the controller look at. [N, 1].</summary>
    public static Tensor Score(DiscriminatorOutput j, double weight) =>
        j.Unconditional is null ? j.Logits : j.Unconditional + j.Logits * weight;

    private static Tensor Blend(DiscriminatorOutput j, double weight, Func<Func<DiscriminatorOutput, Tensor>, Tensor> term) =>
        j.Unconditional is null ? term(x => x.Logits) : term(x => x.Unconditional!) + term(x => x.Logits) * weight;
}
